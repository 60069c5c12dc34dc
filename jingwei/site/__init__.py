"""Settings, addresses, the `jingwei` command and the private database cluster: what puts the packages together."""
