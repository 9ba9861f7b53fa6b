-- breaking: no
-- Consent can be taken back by the link in a message.

ALTER TABLE consent
    DROP CONSTRAINT consent_method_check,
    ADD CONSTRAINT consent_method_check CHECK (method IN ('accept_all', 'reject_all', 'save', 'gpc', 'portal', 'phone',
        'paper', 'import', 'unsubscribe'));
