"""What the browser tests stand on: a private PostgreSQL, the real portaldesk, Kannel, an SMTP server, Chromium."""
