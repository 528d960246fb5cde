import type { OfficeRule } from './office-rule.ts';
import { OFFICE_RULES } from './office-rules.ts';

/** The rule of an office for a case filed on `filing`, for a fee that falls due on `due`; null when the office is not known. */
export function findRule(
	office: string,
	{ filing, due }: { filing: string | null; due: string | null },
): OfficeRule | null {
	const fits = OFFICE_RULES.filter((rule) => rule.office === office && isFiledWithin(rule, filing));
	return fits.find((rule) => due === null || isDueWithin(rule, due)) ?? fits[0] ?? null;
}

function isFiledWithin(rule: OfficeRule, filing: string | null): boolean {
	if (filing === null) return rule.filedBefore === null;
	return !(rule.filedFrom && filing < rule.filedFrom) && !(rule.filedBefore && filing >= rule.filedBefore);
}

function isDueWithin(rule: OfficeRule, due: string): boolean {
	return !(rule.validFrom && due < rule.validFrom) && !(rule.validTo && due > rule.validTo);
}
