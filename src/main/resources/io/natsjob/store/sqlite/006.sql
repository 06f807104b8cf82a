-- The newest skip of a job is found by its reason, without a look at every hour.
DROP INDEX natsjob_tally_job;
CREATE INDEX natsjob_tally_job ON natsjob_tally (job_id, outcome, hour);
