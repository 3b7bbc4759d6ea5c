"""The partner API: what the systems of partner agencies can do here. It stands on pathways; the web application gives it its addresses."""

#: Who may open an address of the API: a system with a token whose scopes allow the operation. No session, and no cookie, opens one.
BY_SCOPE = "systems of partner agencies, by the scopes of their token"
