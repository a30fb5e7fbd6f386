"""Tables for mt-repair that are under the GPL, version 3 or later. Data only; `repair.tables` finds them."""
