/**
 * What the tests stand on: a real NATS server, a worker that is an independent witness, natsjob itself as a child process, an HTTP client, a
 * clock that ticks by hand and a wait with a limit. Nothing here imports {@code io.natsjob.protocol}: a mistake there must not hide here too.
 * Every child process ends with the test's JVM. Instances are for one test thread, unless their class says otherwise.
 */
package io.natsjob.testkit;
