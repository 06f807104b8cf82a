package io.natsjob.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.natsjob.job.RunNames;
import io.natsjob.job.SubjectModel;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectsTest {
    private static final RunNames OWNER = new RunNames("app", "biz", "owner");

    @Test
    void builds_every_subject() {
        assertEquals("natsjob-void.job.start.app.biz.owner", Subjects.start(SubjectModel.MEMORY, OWNER));
        assertEquals("natsjob.job.start.app.biz.owner", Subjects.start(SubjectModel.JET_STREAM, OWNER));
        assertEquals("natsjob-void.job.pre-start.app.biz.owner", Subjects.preStart(SubjectModel.MEMORY, OWNER));
        assertEquals("natsjob.job.client-start.app.biz.owner.vm=127-0-0-1=0", Subjects.clientStart(SubjectModel.JET_STREAM, OWNER, "vm=127-0-0-1=0"));
        assertEquals("natsjob.job.monitor.app.biz", Subjects.monitor("app", "biz"));
        assertEquals("natsjob-void.server.changed", Subjects.server("changed"));
        assertEquals(Optional.of("changed"), Subjects.parseServer("natsjob-void.server.changed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"natsjob-void.job.start.app.biz.owner", "natsjob.job.pre-start.app.biz.owner",
        "natsjob-void.job.client-start.app.biz.owner.client-1"})
    void parses_back_to_the_same_text(String text) {
        assertEquals(Optional.of(text), JobSubject.parse(text).map(JobSubject::text));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "natsjob.job.start.app.biz", "natsjob.job.start.app.biz.owner.client-1", "natsjob.job.client-start.app.biz.owner",
        "natsjob.job.client-start.app.biz.owner.", "natsjob.job.client-start.app.biz.owner.*", "natsjob.job.client-start.app.biz.owner.a b",
        "natsjob.job.group-start.app.biz.owner", "natsjob.jobs.start.app.biz.owner", "nats.job.start.app.biz.owner", "natsjob.job.start.*.biz.owner"})
    void refuses_what_is_no_job_subject(String text) {
        assertEquals(Optional.empty(), JobSubject.parse(text));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "natsjob-void.server.", "natsjob-void.server.a.b", "natsjob-void.server.*", "natsjob.server.changed"})
    void refuses_what_is_no_announcement(String text) {
        assertEquals(Optional.empty(), Subjects.parseServer(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a.b", "a*", ">", "a b", "a\tb", "a\u2003b", "a\nb"})
    void never_lets_a_bad_worker_id_into_a_subject(String id) {
        assertThrows(IllegalArgumentException.class, () -> Subjects.clientStart(SubjectModel.MEMORY, OWNER, id));
    }

    @Test
    void never_lets_a_bad_name_into_a_subject() {
        assertThrows(IllegalArgumentException.class, () -> Subjects.start(SubjectModel.MEMORY, new RunNames("app", "biz.x", "owner")));
        assertThrows(IllegalArgumentException.class, () -> Subjects.monitor("app", "*"));
        assertThrows(IllegalArgumentException.class, () -> Subjects.server("a.b"));
    }
}
