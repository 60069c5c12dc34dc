"""The registry's rules, on plain values. No Django in here."""
