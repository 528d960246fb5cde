/** Which fee: one year or anniversary, a stage of the United States, or several years at once. */
export interface FeeNumber {
	/** First and last year or anniversary; the same for one. For a stage, its years. */
	from: number;
	to: number;
	/** As the office writes it: "year 5", "3.5y", "anniversary 4", "years 3-5". */
	label: string;
}

const FORMS: readonly RegExp[] = [
	/^(?:year|annuity|anniversary|fee|no\.?)?\s*(?<from>\d{1,2}(?:\.5)?)(?:\s*y(?:ears?)?)?$/i,
	/^(?<from>\d{1,2})(?:st|nd|rd|th)(?:\s*(?:year|annuity|anniversary|fee))?$/i,
	/^(?:years?|annuities|anniversaries)?\s*(?<from>\d{1,2})\s*(?:-|–|to)\s*(?<to>\d{1,2})$/i,
];

/** Reads a fee as offices and clients write it; null when it is none. */
export function readFeeNumber(text: string): FeeNumber | null {
	const label = text.trim();
	for (const form of FORMS) {
		const groups = form.exec(label)?.groups;
		if (!groups?.from) continue;
		const from = Number(groups.from);
		const to = groups.to === undefined ? from : Number(groups.to);
		return from > 0 && to >= from ? { from, to, label } : null;
	}
	return null;
}
