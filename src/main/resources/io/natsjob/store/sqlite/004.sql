-- Missed fires. Only tables, no column of natsjob_leader: several gaps may wait, and a repeated CREATE can be made harmless everywhere.

-- Seconds in (after_at, up_to] that nobody fired in; the jobs up to evaluated_to are done with.
CREATE TABLE natsjob_gap (
    id INTEGER NOT NULL PRIMARY KEY,
    recorded SMALLINT NOT NULL,
    after_at BIGINT NOT NULL,
    up_to BIGINT NOT NULL,
    reason VARCHAR(32) NOT NULL,
    evaluated_to BIGINT NOT NULL
);

-- Fires to be made up, in the order of id.
CREATE TABLE natsjob_misfire (
    id INTEGER NOT NULL PRIMARY KEY,
    job_id BIGINT NOT NULL,
    fire_at BIGINT NOT NULL,
    reason VARCHAR(32) NOT NULL,
    judged SMALLINT NOT NULL
);
