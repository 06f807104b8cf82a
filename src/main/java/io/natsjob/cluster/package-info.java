/**
 * Who leads, and who lives. Two things together: the <b>lease</b>, an entry in NATS that one server renews and the others watch, decides who tries; the
 * <b>term</b>, a number in the database that each leader raises by one, fences what a leader writes: a former leader's transaction finds
 * its term gone and changes nothing.
 *
 * <pre>
 *            watched the whole lease, or given back          read back
 *  following ---------------------------------------&gt; taken ----------&gt; holding --- renewed by compare-and-set
 *      ^                                                 |                 |
 *      +---- another's entry, or past the deadline ------+-----------------+
 * </pre>
 *
 * <p>Who lives is known from heartbeats, by the time at which this server read them: {@link io.natsjob.cluster.Workers} and
 * {@link io.natsjob.cluster.Servers} are filled by {@link io.natsjob.cluster.Heartbeats} on every server, leader or not, and hold a
 * limited number. Guaranteed: who was silent for 30 s in which NATS could be read, or deleted its key, is not in them; a flood of new
 * ids does not push out the known. Not guaranteed: that who is in them still lives, or is who it says: heartbeats are not signed, so
 * they never decide who leads.
 *
 * <p>Guaranteed: no write of a former leader takes effect after a new one has raised the term. Two servers do not hold the lease at the
 * same time, as long as their monotonic clocks run at the same speed within a third, and NATS does not acknowledge two writes that expect
 * the same revision. A holder trusts its own clocks alone, and stops at least 1.5 s before anybody else begins.
 *
 * <p>Not guaranteed: that what a leader began right before it lost the lease is not seen after it: it may be paused between its look at
 * the lease and the sending. A recorded job's fire is then still sent once, by its row; a fire of a lite or plus job may be sent twice. Beside an
 * original server, which writes without looking, only the term guards. While NATS is away nobody leads.
 *
 * <p>Threads: {@link io.natsjob.cluster.LeaseKeeper} has one, on which nothing but the lease is done. {@link io.natsjob.cluster.Leadership} and
 * {@link io.natsjob.cluster.Lease#tenure} may be asked by all of them and never wait, as may the registries and
 * {@link io.natsjob.cluster.WorkerChoice}; one thread reads heartbeats, one buries the dead, one puts this server's own, one
 * compares the clocks.
 */
package io.natsjob.cluster;
