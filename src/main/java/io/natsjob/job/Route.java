package io.natsjob.job;

/** Where a job's fires go: category x model x subject model, and for ultra the choice among workers. */
public record Route(Category category, Model model, SubjectModel subjectModel, Condition condition) {
    /** Whether a fire goes to worker ids that are fixed in its row. A map's steps never do, whatever its model. */
    public boolean addressed() {
        return model == Model.ULTRA && category != Category.MAP;
    }

    /** Whether a fire goes to every live worker by name, each with a part of its own. */
    public boolean sharded() {
        return addressed() && category == Category.BROADCAST;
    }

    /** How many sub-ids a fire may need behind its run's id, at most. */
    public int maxParts() {
        return sharded() ? Parts.MAX : addressed() ? 1 : 0;
    }
}
