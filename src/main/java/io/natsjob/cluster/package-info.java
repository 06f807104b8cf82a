/**
 * Who leads, and who lives. A leader's writes are fenced by the term, a number in the database that each leader raises by one: a former
 * leader's transaction finds its term gone and changes nothing.
 *
 * <p>Guaranteed: no write of a former leader takes effect after a new one has raised the term. Not guaranteed: that a former
 * leader knows it at once; what it does meanwhile outside the database (a fire of a lite or plus job) is bounded only by its
 * own check before each send. In this release one server runs per NATS account, so the lease that will decide among several
 * is not there yet, the term is.
 *
 * <p>Who lives is known from heartbeats, by the time at which this server read them: {@link io.natsjob.cluster.Workers} and
 * {@link io.natsjob.cluster.Servers} are filled by {@link io.natsjob.cluster.Heartbeats} on every server, leader or not, and hold a
 * limited number. Guaranteed: who was silent for 30 s in which NATS could be read, or deleted its key, is not in them; a flood of new
 * ids does not push out the known. Not guaranteed: that who is in them still lives, or is who it says: heartbeats are not signed, so
 * they never decide who leads.
 *
 * <p>Threads: {@link io.natsjob.cluster.Leadership}, the registries and {@link io.natsjob.cluster.WorkerChoice} may be asked by all of
 * them; one reads heartbeats, one buries the dead, one puts this server's own.
 */
package io.natsjob.cluster;
