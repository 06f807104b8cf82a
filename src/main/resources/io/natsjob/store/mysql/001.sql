-- The first tables. Times are epoch milliseconds; flags are 0 or 1; words are those of the API.
-- Each statement commits by itself and is harmless when repeated. Names differ in upper and lower case. No foreign keys: they would make runs wait for edits.

-- One row: the term of leadership, the marks of claims, the counter of edits.
CREATE TABLE IF NOT EXISTS natsjob_leader (
    id BIGINT NOT NULL PRIMARY KEY,
    term BIGINT NOT NULL,
    claimed BIGINT NOT NULL,
    settled BIGINT NOT NULL,
    oldest_open_id BIGINT NOT NULL,
    change_seq BIGINT NOT NULL,
    synced BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO natsjob_leader (id, term, claimed, settled, oldest_open_id, change_seq, synced) VALUES (1, 0, 0, 0, 0, 0, 0)
    ON DUPLICATE KEY UPDATE id = id;

-- living is 0, or the row's id once it is deleted: the name is free again.
CREATE TABLE IF NOT EXISTS natsjob_namespace (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    change_seq BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    note VARCHAR(1024) NOT NULL,
    enabled SMALLINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    living BIGINT NOT NULL,
    UNIQUE (name, living)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS natsjob_app (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    change_seq BIGINT NOT NULL,
    namespace_id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    note VARCHAR(1024) NOT NULL,
    enabled SMALLINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    living BIGINT NOT NULL,
    UNIQUE (namespace_id, name, living)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS natsjob_job (
    id BIGINT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    change_seq BIGINT NOT NULL,
    app_id BIGINT NOT NULL,
    name VARCHAR(64) NOT NULL,
    note VARCHAR(1024) NOT NULL,
    enabled SMALLINT NOT NULL,
    cron_text VARCHAR(256) NOT NULL,
    zone_name VARCHAR(64),
    anchor_at BIGINT NOT NULL,
    start_at BIGINT,
    end_at BIGINT,
    misfire VARCHAR(16) NOT NULL,
    misfire_max INTEGER NOT NULL,
    category VARCHAR(16) NOT NULL,
    model VARCHAR(16) NOT NULL,
    subject_model VARCHAR(16) NOT NULL,
    worker_choice VARCHAR(16) NOT NULL,
    max_concurrency INTEGER NOT NULL,
    timeout_seconds INTEGER NOT NULL,
    args VARCHAR(1024) NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    living BIGINT NOT NULL,
    UNIQUE (app_id, name, living),
    INDEX natsjob_job_change (change_seq)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The unique key also serves a job's list of runs. Every further index would cost a tenth of the throughput.
CREATE TABLE IF NOT EXISTS natsjob_run (
    id BIGINT NOT NULL PRIMARY KEY,
    job_id BIGINT NOT NULL,
    fire_at BIGINT NOT NULL,
    attempt INTEGER NOT NULL,
    trigger_kind VARCHAR(16) NOT NULL,
    state VARCHAR(16) NOT NULL,
    term BIGINT NOT NULL,
    job_version BIGINT NOT NULL,
    namespace VARCHAR(64) NOT NULL,
    app VARCHAR(64) NOT NULL,
    job VARCHAR(64) NOT NULL,
    args VARCHAR(1024) NOT NULL,
    deadline_at BIGINT NOT NULL,
    sent_at BIGINT,
    ended_at BIGINT,
    reason VARCHAR(1024),
    monitor_status VARCHAR(64),
    monitor_payload VARCHAR(1024),
    worker_id VARCHAR(128),
    UNIQUE (job_id, fire_at, attempt)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- By hour first: what is written now lies together, and so does what retention deletes.
CREATE TABLE IF NOT EXISTS natsjob_tally (
    hour BIGINT NOT NULL,
    job_id BIGINT NOT NULL,
    outcome VARCHAR(32) NOT NULL,
    writer INTEGER NOT NULL,
    amount BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (hour, job_id, outcome, writer),
    INDEX natsjob_tally_job (job_id, hour)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- namespace_id 0 stands for all.
CREATE TABLE IF NOT EXISTS natsjob_pause (
    namespace_id BIGINT NOT NULL PRIMARY KEY,
    paused_at BIGINT NOT NULL,
    resumed_at BIGINT
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS natsjob_setting (
    name VARCHAR(64) NOT NULL PRIMARY KEY,
    content TEXT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS natsjob_revoked (
    id VARCHAR(64) NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS natsjob_parked (
    id BIGINT NOT NULL PRIMARY KEY,
    parked_at BIGINT NOT NULL,
    key_text TEXT NOT NULL,
    payload TEXT NOT NULL,
    reason TEXT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
