package io.natsjob.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import io.natsjob.job.App;
import io.natsjob.job.Category;
import io.natsjob.job.Condition;
import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Limits;
import io.natsjob.job.Misfire;
import io.natsjob.job.Model;
import io.natsjob.job.Namespace;
import io.natsjob.job.Route;
import io.natsjob.job.SubjectModel;
import io.natsjob.job.Timing;
import io.natsjob.store.AppTable;
import io.natsjob.store.JobTable;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Priority;
import io.natsjob.web.TestServer.Reply;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An imported job of a kind that this release does not run: kept, shown, edited and deleted, but neither enabled nor run. */
final class KeptJobTest {
    private static final String PATH = "jobs/77";

    @TempDir
    private Path folder;
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(folder);
        server.database.write(Priority.EDIT, sql -> {
            long change = LeaderTable.nextChange(sql);
            App app = AppTable.findByName(sql, Namespace.DEFAULT, App.DEFAULT).orElseThrow();
            Timing timing = new Timing("* * * * * *", null, 1, null, null, Misfire.SKIP, Timing.DEFAULT_MISFIRE_MAX);
            Route route = new Route(Category.BROADCAST, Model.ULTRA, SubjectModel.JET_STREAM, Condition.FIRST);
            return JobTable.insert(sql, new Job(77, 1, app, new JobSpec("kept", "old", false, timing, route, new Limits(5, 10), "a"), 1, 1), change);
        });
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void is_listed_and_shown_as_it_is() {
        assertEquals(List.of("kept"), server.get("jobs?category=broadcast&model=ultra").expect(200).names());
        JsonObject job = server.get(PATH).expect(200).json();
        assertEquals("broadcast ultra jetStream clientFirst", String.join(" ", job.getString("category", ""), job.getString("model", ""),
                job.getString("subjectModel", ""), job.getString("condition", "")));
        assertTrue(job.get("nextFireAt").isNull());
    }

    @Test
    void can_be_edited_while_it_stays_disabled_and_of_its_kind() {
        assertEquals("new", server.patch(PATH, "{\"version\":1,\"comment\":\"new\"}").expect(200).json().getString("comment", ""));
        JsonObject read = server.get(PATH).json().set("args", "b");
        assertEquals("b", server.put(PATH, read).expect(200).json().getString("args", ""));
    }

    @Test
    void cannot_be_enabled_and_the_answer_says_why() {
        Reply reply = server.patch(PATH, "{\"version\":1,\"enabled\":true}").expect(400);
        assertEquals(List.of("enabled"), reply.fields());
        assertEquals("model.unsupported", reply.code());
        assertTrue(reply.text().contains("category broadcast and model ultra"), reply.text());
        assertEquals(List.of("category"), server.patch(PATH, "{\"version\":1,\"model\":\"max\",\"enabled\":true}").expect(400).fields());
    }

    @Test
    void fires_again_once_it_is_of_a_kind_that_runs() {
        Reply reply = server.patch(PATH, "{\"version\":1,\"category\":\"standalone\",\"model\":\"max\",\"enabled\":true}").expect(200);
        assertTrue(reply.json().get("nextFireAt").isNumber(), reply.text());
    }

    @Test
    void is_not_run_by_hand_even_with_force() {
        Reply reply = server.post(PATH + "/run", "{\"force\":true}").expect(409);
        assertEquals("model.unsupported", reply.code());
        assertTrue(reply.text().contains("category broadcast and model ultra"), reply.text());
    }

    @Test
    void can_be_deleted() {
        server.delete(PATH).expect(204);
        server.get(PATH).expect(404);
    }
}
