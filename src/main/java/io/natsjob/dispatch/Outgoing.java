package io.natsjob.dispatch;

import io.natsjob.job.Fire;

/**
 * A message ready to go.
 *
 * @param fire    with the job as it is sent
 * @param run     null for lite and plus
 * @param outcome who is told what became of it
 * @param id      identifies the message for de-duplication by the stream (docs/rules.md 16)
 * @param sentAt  epoch milliseconds of the first try
 * @param resultKey under which the worker answers this message; null for lite and plus
 */
record Outgoing(Fire fire, OpenRun run, Outcome outcome, String id, String subject, byte[] payload, long sentAt, String resultKey) {}
