"""The project file. SQLAlchemy lives only here; what comes out are the domain's frozen records."""
