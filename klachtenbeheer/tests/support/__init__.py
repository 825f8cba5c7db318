"""What tests share: people, dossiers, canaries, a mailbox."""
