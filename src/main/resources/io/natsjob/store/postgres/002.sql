-- The step and the parts of a run. A column that is there already is not added again.

-- 0: the only or the main step; 1: the first step of a map. step_at: when the main step of a map was committed.
ALTER TABLE natsjob_run ADD COLUMN step SMALLINT DEFAULT 0 NOT NULL;
ALTER TABLE natsjob_run ADD COLUMN step_at BIGINT;
-- The worker ids of an ultra run, in the order of its parts.
ALTER TABLE natsjob_run ADD COLUMN parts TEXT;

-- The parts of ultra runs that have ended.
CREATE TABLE natsjob_part (
    run_id BIGINT NOT NULL,
    sub_id BIGINT NOT NULL,
    worker_id VARCHAR(128) NOT NULL,
    state VARCHAR(16) NOT NULL,
    reason VARCHAR(1024),
    monitor_status VARCHAR(64),
    monitor_payload VARCHAR(1024),
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (run_id, sub_id)
);
