package io.natsjob.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.cron.CronException;
import io.natsjob.cron.Schedule;
import io.natsjob.cron.Zones;
import io.natsjob.job.Timing;
import io.natsjob.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Says when an expression fires, without a job. Answers without NATS and database. */
final class ScheduleHandler {
    /** Expressions in one request. */
    static final int MAX_BATCH = 1_000;
    /** Times of one expression. */
    static final int MAX_COUNT = 100;
    /** Times of one request; at most 1 ms of work each. */
    static final int MAX_TOTAL = 10_000;
    private static final int DEFAULT_COUNT = 5;
    private static final int MAX_TEXT = 10_000;

    private final ZoneId serverZone;
    private final Clock clock;

    private record Question(String schedule, String zone, long from, int count) {}

    ScheduleHandler(ZoneId serverZone, Clock clock) {
        this.serverZone = serverZone;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.api("POST", "schedule/preview", this::preview));
    }

    private Answer preview(Request request) {
        JsonValue body = request.json();
        FieldErrors errors = new FieldErrors();
        if (!body.isArray()) {
            Question question = question(new Fields(JsonBody.object(body), "", errors));
            errors.refuseIfAny();
            return Answer.ok(answer(question));
        }
        List<JsonValue> items = body.asArray().values();
        if (items.size() > MAX_BATCH) {
            throw Refusal.of(400, "body.invalid", items.size() + " expressions are too many, at most " + MAX_BATCH);
        }
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            questions.add(question(new Fields(JsonBody.object(items.get(i)), "[" + i + "].", errors)));
        }
        errors.refuseIfAny();
        if (questions.stream().mapToInt(Question::count).sum() > MAX_TOTAL) {
            throw Refusal.of(400, "body.invalid", "the counts of all expressions together are more than " + MAX_TOTAL);
        }
        JsonArray answers = new JsonArray();
        questions.forEach(q -> answers.add(answer(q)));
        return Answer.ok(answers);
    }

    private Question question(Fields fields) {
        fields.refuseUnknown(Set.of("schedule", "zone", "from", "count"), Set.of());
        // an empty or overlong expression is one that cannot be read, not a broken request: a page asks while its user types
        String schedule = fields.text("schedule", MAX_TEXT, "");
        if (!fields.has("schedule")) {
            fields.add("schedule", FieldError.REQUIRED, "is required");
        }
        Long from = fields.millis("from");
        return new Question(schedule, fields.text("zone", MAX_TEXT, null), from == null ? clock.millis() : from,
                (int) fields.number("count", 1, MAX_COUNT, DEFAULT_COUNT));
    }

    private JsonObject answer(Question question) {
        if (question.schedule().codePointCount(0, question.schedule().length()) > Timing.MAX_SCHEDULE_LENGTH) {
            return refused("longer than " + Timing.MAX_SCHEDULE_LENGTH + " characters", Timing.MAX_SCHEDULE_LENGTH);
        }
        ZoneId zone;
        try {
            zone = zone(question.zone());
        } catch (CronException e) {
            return refused("zone: " + e.getMessage(), null);
        }
        try {
            JsonArray next = next(Schedule.parse(question.schedule(), zone), question);
            // Empty for a schedule that never fires: it can be read, so it is no error.
            return new JsonObject().add("ok", true).add("next", next).add("words", Json.NULL).add("error", Json.NULL);
        } catch (CronException e) {
            return refused(e.getMessage(), e.position());
        }
    }

    private ZoneId zone(String name) throws CronException {
        return name == null || name.isEmpty() ? serverZone : Zones.of(name, serverZone);
    }

    private static JsonArray next(Schedule schedule, Question question) {
        JsonArray times = new JsonArray();
        long at = schedule.next(question.from(), question.from());
        while (at != Schedule.NEVER && times.size() < question.count()) {
            times.add(at);
            at = schedule.next(at, question.from());
        }
        return times;
    }

    private static JsonObject refused(String message, Integer position) {
        JsonObject error = new JsonObject().add("message", message).add("position", position == null ? Json.NULL : Json.value(position));
        return new JsonObject().add("ok", false).add("next", new JsonArray()).add("words", Json.NULL).add("error", error);
    }
}
