package io.natsjob.log;

/** How much a line matters, least first. */
public enum Level {
    /** Steps of normal work, off by default. */
    DEBUG,
    /** What an operator wants to see once. */
    INFO,
    /** Something is not as it should be; work goes on. */
    WARN,
    /** Something that should be done was not done. */
    ERROR
}
