package io.natsjob.scenario;

import io.natsjob.testkit.HttpApi;
import java.util.ArrayList;
import java.util.List;

/** What a server says of itself. */
final class Readiness {
    private Readiness() {}

    /** The codes of the banner, in its order. */
    static List<String> problems(HttpApi api) {
        List<String> codes = new ArrayList<>();
        api.get("info").expect(200).object().get("problems").asArray().forEach(problem -> codes.add(problem.asObject().getString("code", "")));
        return codes;
    }
}
