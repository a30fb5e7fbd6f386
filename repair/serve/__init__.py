"""The server: the JSON API, the LanguageTool API and the page, over one `Repairer`."""
