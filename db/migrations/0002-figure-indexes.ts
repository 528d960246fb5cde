/** What the account list shows is recounted with every edit of an issue: without these, by reading all of a client's issues. */
export const figureIndexes = `
CREATE INDEX issue_open ON issue (account_id, priority)
	WHERE deleted_at IS NULL AND status NOT IN ('RESOLVED', 'CLOSED');
CREATE INDEX issue_resolved ON issue (account_id, resolved_at)
	WHERE deleted_at IS NULL AND resolved_at IS NOT NULL;
`;
