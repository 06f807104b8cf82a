-- The newest skip of a job is found by its reason, without a look at every hour. Each statement commits by itself.
DROP INDEX IF EXISTS natsjob_tally_job;
CREATE INDEX IF NOT EXISTS natsjob_tally_job ON natsjob_tally (job_id, outcome, hour);
