-- When an app or a namespace was enabled again: its jobs count from then, as if they had been disabled themselves.
ALTER TABLE natsjob_namespace ADD COLUMN enabled_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE natsjob_app ADD COLUMN enabled_at BIGINT NOT NULL DEFAULT 0;
