package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import java.util.List;
import java.util.Map;

/** Ends a request with a problem. Without a stack trace: refusing is ordinary work. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;
    private final transient Map<String, String> headers;

    private Refusal(Problem problem, Map<String, String> headers) {
        super(problem.code() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
        this.headers = headers;
    }

    Problem problem() {
        return problem;
    }

    /** Headers that belong to the answer, such as {@code Allow}. */
    Map<String, String> headers() {
        return headers;
    }

    static Refusal of(int status, String code, String detail) {
        return new Refusal(Problem.of(status, code, detail), Map.of());
    }

    Refusal with(String header, String value) {
        return new Refusal(problem, Map.of(header, value));
    }

    static Refusal fields(List<FieldError> errors) {
        FieldError first = errors.getFirst();
        String more = errors.size() == 1 ? "" : " (and " + (errors.size() - 1) + " more, see errors)";
        String detail = first.field() + ": " + first.message() + more;
        return new Refusal(new Problem(400, first.code(), Problem.titleOf(400), detail, errors, null), Map.of());
    }

    static Refusal field(String field, String code, String message) {
        return fields(List.of(new FieldError(field, code, message)));
    }

    static Refusal notFound(String what, String id) {
        return of(404, "not.found", "there is no " + what + " " + Shown.text(id));
    }

    static Refusal conflict(String code, String detail, JsonObject current) {
        return new Refusal(new Problem(409, code, Problem.titleOf(409), detail, List.of(), current), Map.of());
    }
}
