/** A refusal the client can act on: HTTP status, a stable code, and a sentence for the log. */
export class ApiError extends Error {
	readonly status: number;
	readonly code: string;

	constructor(status: number, code: string, message: string) {
		super(message);
		this.status = status;
		this.code = code;
	}
}

/** 429 `too_many`: before so many seconds the same request is of no use. */
export class TooMany extends ApiError {
	readonly retryAfterS: number;

	constructor(retryAfterS: number) {
		super(429, 'too_many', 'Too many requests; ask again later.');
		this.retryAfterS = retryAfterS;
	}
}
