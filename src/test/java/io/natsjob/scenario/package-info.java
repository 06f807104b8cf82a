/**
 * Whole servers as child processes, a real NATS server, a witness worker that shares no code with natsjob, and a checker that
 * compares the worker's ledger with the database by plain JDBC. The normal run takes a small load; {@code scripts/verify/} takes the full one.
 */
package io.natsjob.scenario;
