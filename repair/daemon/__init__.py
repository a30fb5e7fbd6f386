"""A process that keeps the models loaded for `repair check --server` and `repair fix --server`.

The first run starts it, later ones hand their texts to it over a socket that only this user can reach, and it ends by
itself. Which one is asked is part of the socket's name: version, code, settings, and the files that these name.
"""
