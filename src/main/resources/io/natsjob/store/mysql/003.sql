-- Steps that workers report while they do a job. Each statement commits by itself.

-- The second unique key makes a redelivery harmless: which stream, by its time of creation, and the place in it.
CREATE TABLE IF NOT EXISTS natsjob_step (
    id BIGINT NOT NULL PRIMARY KEY,
    run_id BIGINT NOT NULL,
    namespace VARCHAR(64) NOT NULL,
    app VARCHAR(64) NOT NULL,
    job VARCHAR(64) NOT NULL,
    worker_id VARCHAR(64),
    scene_id VARCHAR(64),
    scene_name VARCHAR(1024),
    status VARCHAR(64),
    reason VARCHAR(1024),
    monitor_status VARCHAR(64),
    monitor_payload VARCHAR(1024),
    start_at BIGINT,
    end_at BIGINT,
    created_at BIGINT NOT NULL,
    stream_created BIGINT NOT NULL,
    stream_seq BIGINT NOT NULL,
    UNIQUE (stream_created, stream_seq),
    INDEX natsjob_step_run (run_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
