-- breaking: no
-- The worker closes accounts too, where a deletion has cooled off. What ends with an account is the same
-- whoever closes it, the browsers that it was known by among it.
GRANT SELECT (portal_id, account_id), DELETE ON account_device TO portaldesk_worker;
