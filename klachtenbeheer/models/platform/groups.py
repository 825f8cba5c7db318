"""The groups of users, by the names that code asks for. What each may do is decided in `access`
and in `security/`."""

HANDLER, REGISTRAR, COORDINATOR, DIRECTOR, BOARD, MANAGER, STAND_IN, INTAKE_API = (
    f"klachtenbeheer.group_{group}"
    for group in (
        "handler",
        "registrar",
        "coordinator",
        "director",
        "board",
        "manager",
        "stand_in",
        "intake_api",
    )
)
# Who may look into the content of a dossier at all; record rules say into which dossiers.
HANDLERS = ",".join((HANDLER, COORDINATOR, DIRECTOR, BOARD))
# Groups that somebody is given for a role on dossiers.
DOSSIER_ROLES = (REGISTRAR, HANDLER, COORDINATOR, DIRECTOR, BOARD)
# Menus and rights on models of who protects data.
PROTECTOR = "klachtenbeheer.group_data_protector"
