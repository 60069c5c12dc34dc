"""The rules of association, on plain values. No Django in here."""
