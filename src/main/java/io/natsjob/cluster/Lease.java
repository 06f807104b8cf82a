package io.natsjob.cluster;

import io.natsjob.log.Log;
import io.natsjob.time.Clock;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Decides which server may try to lead. The holder renews by compare-and-set and acts until the start of its last acknowledged
 * renewal plus the deadline, by its own clocks; a follower takes over when it has watched the same entry for the whole lease, or at
 * once where it was released. An answer that does not come proves nothing: the entry is read again. Not a fence: what a paused
 * holder began before its deadline may still arrive; the term in the database stands against that.
 */
public final class Lease {
    /** The server that wants to lead. Called with the lease's lock held, on its thread. */
    public interface Owner {
        /** The term that stands in the database now; empty: this server cannot lead at present. May wait for the database. */
        OptionalLong termBefore();

        /** A tenure began or ended. Must not wait. */
        void changed();

        /** A living server with another database leads. Must not wait. */
        void otherDatabase(String holder);
    }

    /**
     * Who this server is.
     *
     * @param serverId fresh for each process start: an entry with it is surely of this process
     * @param database random id of the database
     * @param lock     see {@link LeaseMark}
     */
    public record Self(String serverId, String database, String lock) {}

    private record Held(Tenure tenure, long revision, long acquired, Moment renewed) {
        Held at(long newer, Moment start) {
            return new Held(tenure, newer, acquired, start);
        }
    }

    /**
     * Between the last deed of a leader that hands over while it works, and the release: a second that it has fired by its clock must have
     * begun on the next leader's too (docs/rules.md 10).
     */
    static final long HAND_OVER_MILLIS = Skew.WARN_MILLIS;
    /** After an answer that proves nothing, and where something else than the lease stands in the way; milliseconds. */
    private static final long AGAIN_MILLIS = 20;
    private static final long BLOCKED_MILLIS = 1_000;
    private static final Log LOG = Log.of("lease");

    private final LeasePort port;
    private final Self self;
    private final LeaseMark mark;
    private final LeaseTimes times;
    private final Owner owner;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Observed own;
    private final OtherGroups groups = new OtherGroups();
    private final Skew skew = new Skew();
    /** Taken, and not yet read back. */
    private Held settling;
    /** Handed over, and not yet given back. */
    private Held leaving;
    private long tenures;
    private Moment groupsLookedAt;
    private Moment restingSince;
    private long restMillis;
    private volatile Held held;
    private volatile Standing standing = new Standing(Standing.Kind.FREE, "not looked yet");

    Lease(LeasePort port, Self self, LeaseTimes times, Owner owner, Clock clock) {
        this.port = port;
        this.self = self;
        this.mark = new LeaseMark(times.lease(), self.database(), self.lock(), 0);
        this.times = times;
        this.owner = owner;
        this.clock = clock;
        this.own = new Observed(times.outage());
    }

    /** The lease in NATS' bucket. */
    public static Lease inNats(NatsLease port, Self self, LeaseTimes times, Owner owner, Clock clock) {
        return new Lease(port, self, times, owner, clock);
    }

    /** The tenure that is valid at this moment, null for none. Never waits; to be asked right before each deed of a leader. */
    public Tenure tenure() {
        Held now = held;
        return now != null && valid(now, Moment.of(clock)) ? now.tenure : null;
    }

    public Standing standing() {
        Held now = held;
        return now != null && !valid(now, Moment.of(clock)) ? new Standing(Standing.Kind.NO_NATS, "the lease could not be renewed in time") : standing;
    }

    /** Another server, of this group or of another, holds a lease by what was read last. */
    public boolean takenByAnother() {
        return switch (standing.kind()) {
            case FOLLOWS, OTHER_DATABASE, OTHER_GROUP -> true;
            case LEADS, FREE, NO_NATS, NO_DATABASE, CLOCK -> false;
        };
    }

    /** One step: takes, renews or watches. Answers the nanoseconds until the next. */
    long turn() {
        lock.lock();
        try {
            long millis = leaving != null ? leave() : settling != null ? settle() : held != null ? renew() : follow();
            return TimeUnit.MILLISECONDS.toNanos(Math.max(0, millis));
        } finally {
            lock.unlock();
        }
    }

    /**
     * Gives the lease back, so that another takes it at once; this server does not take it again for {@code restMillis}. To be called when
     * nothing of the leader's work runs any more. Waits a few seconds at most; where NATS does not answer, the lease passes by itself.
     */
    public void release(String why, long restMillis) {
        lock.lock();
        try {
            this.restingSince = Moment.of(clock);
            this.restMillis = restMillis;
            Held last = held != null ? held : leaving != null ? leaving : settling;
            boolean led = held != null;
            settling = null;
            leaving = null;
            held = null;
            if (last != null) {
                giveBack(last, why);
            }
            if (led) {
                owner.changed();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops leading at once, though the leader's work still runs, and gives the lease back {@value #HAND_OVER_MILLIS} ms later or at the next
     * turn after that. This server does not take it again for {@code restMillis} from then on. Never waits for NATS; harmless without the lease.
     */
    public void handOver(String why, long restMillis) {
        lock.lock();
        try {
            if (held != null) {
                this.restingSince = Moment.of(clock);
                this.restMillis = HAND_OVER_MILLIS + restMillis;
                leaving = held.at(held.revision, restingSince);
                held = null;
                stand(Standing.Kind.FREE, why);
                owner.changed();
            }
        } finally {
            lock.unlock();
        }
    }

    private long leave() {
        long left = HAND_OVER_MILLIS - leaving.renewed.atLeastTo(Moment.of(clock));
        if (left <= 0) {
            Held last = leaving;
            leaving = null;
            giveBack(last, standing.detail());
        }
        return left > 0 ? left : times.look();
    }

    private void giveBack(Held last, String why) {
        GivingBack.release(port, self.serverId, mark.acquiredAt(last.acquired), last.revision, why);
        stand(Standing.Kind.FREE, why);
    }

    private boolean valid(Held mine, Moment now) {
        return mine.renewed.atMostTo(now) < times.deadline();
    }

    private long renew() {
        Held mine = held;
        Moment start = Moment.of(clock);
        if (!valid(mine, start)) {
            lost("it was not renewed in time");
            return follow();
        }
        try {
            long revision = port.put(self.serverId, mark.acquiredAt(mine.acquired), mine.revision);
            Moment end = Moment.of(clock);
            held = mine.at(revision, start);
            return seenAfter(revision, start, end) ? times.retry() - start.atLeastTo(Moment.of(clock)) : 0;
        } catch (LeasePort.Failure e) {
            LOG.debug("a renewal was not acknowledged", "why", e.getMessage());
            return readAgain(mine);
        }
    }

    /** An acknowledgement that was lost is no reason to give up; an entry of somebody else is. */
    private long readAgain(Held mine) {
        try {
            LeaseEntry entry = port.read().orElse(null);
            if (entry != null && entry.heldBy(self.serverId)) {
                held = mine.at(entry.revision(), mine.renewed);
                return AGAIN_MILLIS;
            }
            own.saw(entry, Moment.of(clock));
            lost(entry == null ? "its entry is gone" : "another server has written its entry: " + entry.holder());
            return 0;
        } catch (LeasePort.Failure e) {
            LOG.debug("the lease could not be read", "why", e.getMessage());
            return times.look();
        }
    }

    /** What an acknowledged renewal looks like from NATS: its time tells the clocks apart; false: it is another's already. */
    private boolean seenAfter(long revision, Moment start, Moment end) {
        try {
            LeaseEntry entry = port.read().orElse(null);
            if (entry != null && entry.revision() == revision) {
                skew.measured(entry.natsMillis(), start, end);
            } else if (entry == null || !entry.heldBy(self.serverId)) {
                own.saw(entry, Moment.of(clock));
                lost(entry == null ? "its entry is gone" : "another server has written its entry: " + entry.holder());
                return false;
            }
            return aloneAmongGroups();
        } catch (LeasePort.Failure e) {
            LOG.debug("what follows a renewal waits for NATS", "why", e.getMessage());
            return true;
        }
    }

    private boolean aloneAmongGroups() {
        Moment now = Moment.of(clock);
        if (groupsLookedAt.atMostTo(now) < OtherGroups.LOOK_MILLIS) {
            return true;
        }
        groupsLookedAt = now;
        Held mine = held;
        Optional<String> other = groups.before(mine.acquired, port.others(), now);
        if (other.isEmpty()) {
            return true;
        }
        yieldTo(other.get(), mine);
        return false;
    }

    private void yieldTo(String namespace, Held mine) {
        boolean led = held != null;
        held = null;
        settling = null;
        if (led) {
            owner.changed();
        }
        giveBack(mine, "another group of servers led before");
        otherGroup(namespace);
    }

    private void lost(String why) {
        held = null;
        standing = new Standing(Standing.Kind.FREE, why);
        LOG.warn("lost the lease", "why", why);
        owner.changed();
    }

    private long follow() {
        LeaseEntry entry;
        try {
            entry = port.read().orElse(null);
        } catch (LeasePort.Failure e) {
            stand(Standing.Kind.NO_NATS, e.getMessage());
            return times.look();
        }
        Moment now = Moment.of(clock);
        own.saw(entry, now);
        if (restingSince != null && restingSince.atLeastTo(now) < restMillis) {
            return times.look();
        }
        if (atOnce(entry)) {
            return take(entry, false);
        }
        long left = (entry == null ? times.lease() : entry.leaseMillis()) - own.standing(now);
        if (left <= 0) {
            return take(entry, true);
        }
        watching(entry);
        return Math.min(left, times.look());
    }

    /** Whether nobody can be leading: released, never taken, our own, or of a process whose lock we hold now. */
    private boolean atOnce(LeaseEntry entry) {
        if (entry == null) {
            return !own.everSeen();
        }
        return entry.released() || entry.heldBy(self.serverId) || entry.mark() != null && mark.provesGone(entry.mark());
    }

    private void watching(LeaseEntry entry) {
        if (entry == null) {
            stand(Standing.Kind.FREE, "the entry of the last leader is gone");
        } else if (entry.mark() != null && !mark.sameDatabase(entry.mark()) && own.renewed()) {
            stand(Standing.Kind.OTHER_DATABASE, "server " + entry.holder() + " leads with another database");
            owner.otherDatabase(entry.holder());
        } else {
            stand(Standing.Kind.FOLLOWS, (entry.mark() == null ? "an original server, " : "server ") + entry.holder());
        }
    }

    private long take(LeaseEntry entry, boolean byTime) {
        try {
            Optional<String> other = groups.before(Long.MAX_VALUE, port.others(), Moment.of(clock));
            if (other.isPresent()) {
                otherGroup(other.get());
                return Math.min(BLOCKED_MILLIS, times.outage() / 2);
            }
            if (byTime && !clockIsRight()) {
                return BLOCKED_MILLIS;
            }
            OptionalLong term = owner.termBefore();
            if (term.isEmpty()) {
                stand(Standing.Kind.NO_DATABASE, "the database does not answer");
                return times.look();
            }
            Moment start = Moment.of(clock);
            long revision = port.put(self.serverId, mark, entry == null ? 0 : entry.revision());
            settling = new Held(new Tenure(++tenures, term.getAsLong()), revision, revision, start);
            return port.settleMillis();
        } catch (LeasePort.Failure e) {
            LOG.debug("the lease was not taken", "why", e.getMessage());
            return AGAIN_MILLIS;
        }
    }

    private boolean clockIsRight() {
        Moment start = Moment.of(clock);
        long nats = port.natsMillis();
        long off = skew.measured(nats, start, Moment.of(clock));
        if (Math.abs(off) > Skew.LIMIT_MILLIS) {
            stand(Standing.Kind.CLOCK, "this machine's clock and that of NATS differ by over " + Skew.LIMIT_MILLIS + " ms: set them right, and this server may take over");
            return false;
        }
        return true;
    }

    /** Reads a taken lease back: an old cluster may have acknowledged two of them. */
    private long settle() {
        Held mine = settling;
        if (!valid(mine, Moment.of(clock))) {
            settling = null;
            return 0;
        }
        try {
            LeaseEntry entry = port.read().orElse(null);
            if (entry == null || entry.revision() != mine.revision) {
                settling = null;
                return 0;
            }
            groupsLookedAt = Moment.of(clock);
            own.saw(entry, groupsLookedAt);
            Optional<String> other = groups.before(mine.acquired, port.others(), groupsLookedAt);
            if (other.isPresent()) {
                yieldTo(other.get(), mine);
                return BLOCKED_MILLIS;
            }
        } catch (LeasePort.Failure e) {
            LOG.debug("the lease could not be read back yet", "why", e.getMessage());
            return AGAIN_MILLIS;
        }
        settling = null;
        held = mine;
        stand(Standing.Kind.LEADS, "tenure " + mine.tenure.number());
        owner.changed();
        return times.retry() - mine.renewed.atLeastTo(Moment.of(clock));
    }

    private void otherGroup(String namespace) {
        stand(Standing.Kind.OTHER_GROUP, "the servers of namespace '" + namespace + "' lead on this NATS account, and one group would remove the answers of the "
                + "other: give each group a NATS account of its own, or the same NATSJOB_NAMESPACE and database");
    }

    private void stand(Standing.Kind kind, String detail) {
        Standing now = new Standing(kind, detail);
        Standing before = standing;
        standing = now;
        if (before.kind() == kind) {
            return;
        }
        if (kind.problem()) {
            LOG.warn(kind.words(), "detail", detail);
        } else {
            LOG.info(kind.words(), "detail", detail);
        }
    }
}
