-- Steps that workers report while they do a job. Each statement commits by itself.

-- The second unique key makes a redelivery harmless: which stream, by its time of creation, and the place in it.
CREATE TABLE IF NOT EXISTS natsjob_step (
    id BIGINT NOT NULL PRIMARY KEY,
    run_id BIGINT NOT NULL,
    namespace VARCHAR(64 CHAR) NOT NULL,
    app VARCHAR(64 CHAR) NOT NULL,
    job VARCHAR(64 CHAR) NOT NULL,
    worker_id VARCHAR(64 CHAR),
    scene_id VARCHAR(64 CHAR),
    scene_name VARCHAR(1024 CHAR),
    status VARCHAR(64 CHAR),
    reason VARCHAR(1024 CHAR),
    monitor_status VARCHAR(64 CHAR),
    monitor_payload VARCHAR(1024 CHAR),
    start_at BIGINT,
    end_at BIGINT,
    created_at BIGINT NOT NULL,
    stream_created BIGINT NOT NULL,
    stream_seq BIGINT NOT NULL,
    UNIQUE (stream_created, stream_seq)
);
CREATE INDEX IF NOT EXISTS natsjob_step_run ON natsjob_step (run_id, id);
