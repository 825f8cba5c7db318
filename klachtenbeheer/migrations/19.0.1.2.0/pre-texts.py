"""Texts of letters name a method that has another name now."""


def migrate(cr, version):
    """Templates ask for `_has_text`, those that an organisation wrote itself too."""
    cr.execute(
        """
        UPDATE mail_template
           SET body_html = replace(body_html::text, 'object._has(', 'object._has_text(')::jsonb
         WHERE body_html::text LIKE '%object.\\_has(%'
        """
    )
