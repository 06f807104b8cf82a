/**
 * The nouns: namespace, app, job, run, and the words that the API, the wire and the database use for them. Everything here
 * is immutable and safe for all threads; nothing here knows a database, a network or a clock.
 */
package io.natsjob.job;
