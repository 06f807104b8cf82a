package io.natsjob.web;

/**
 * One fault of one field.
 *
 * @param field   its path in the body, such as {@code timeoutSeconds} or {@code [3].schedule}, or the query parameter's name
 * @param code    the problem's code where this is its first fault
 * @param message names the value and the allowed form
 */
record FieldError(String field, String code, String message) {
    static final String INVALID = "field.invalid";
    static final String UNKNOWN = "field.unknown";
    static final String REQUIRED = "field.required";
}
