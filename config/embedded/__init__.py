"""PostgreSQL and Redis from wheels, started by the project itself when no outside servers are named.

`paths` computes addresses and touches nothing; `client.ensure` makes the servers answer; `keeper` is the one
process that owns them. No module here imports Django, so that settings can use `paths` and commands can start
the servers before Django reads its settings.
"""
