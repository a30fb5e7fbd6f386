"""The language server: findings and fixes in editors that speak the Language Server Protocol."""
