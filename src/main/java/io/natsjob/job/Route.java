package io.natsjob.job;

/** Where a job's fires go: category x model x subject model, and for ultra the choice among workers. */
public record Route(Category category, Model model, SubjectModel subjectModel, Condition condition) {}
