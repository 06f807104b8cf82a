-- When an app or a namespace was enabled again: its jobs count from then, as if they had been disabled themselves. Each statement commits by itself; a column that is there already is not added again.
ALTER TABLE natsjob_namespace ADD COLUMN enabled_at BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE natsjob_app ADD COLUMN enabled_at BIGINT DEFAULT 0 NOT NULL;
