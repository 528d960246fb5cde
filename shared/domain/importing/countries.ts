import { foldWords } from './clean-text.ts';

/** WIPO ST.3 codes: ISO 3166-1 alpha-2, the organisations of ST.3, and historic codes still met in files. */
const ISO_CODES =
	'AD AE AF AG AI AL AM AO AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BR BS BT BW BY BZ CA CD CF CG CH CI CK CL CM CN CO CR CU CV CW CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FO FR GA GB GD GE GG GH GI GL GM GN GQ GR GT GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MO MR MS MT MU MV MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PR PS PT PW PY QA RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VN VU WS XK YE ZA ZM ZW';
const OFFICE_CODES = 'EP WO IB EA OA AP GC EM BX XN QZ XV UP XX XU DD SU YU CS TP ZR';

const codes = new Set(`${ISO_CODES} ${OFFICE_CODES}`.split(' '));

/** Spellings that neither ST.3 nor the name lists know. Only those that have one clear meaning. */
const ALIASES: Record<string, string> = {
	uk: 'GB',
	'great britain': 'GB',
	england: 'GB',
	britain: 'GB',
	grossbritannien: 'GB',
	el: 'GR',
	usa: 'US',
	'u s a': 'US',
	'u s': 'US',
	'united states of america': 'US',
	gbr: 'GB',
	deu: 'DE',
	fra: 'FR',
	jpn: 'JP',
	chn: 'CN',
	kor: 'KR',
	korea: 'KR',
	'republic of korea': 'KR',
	'korea republic of': 'KR',
	'peoples republic of china': 'CN',
	'p r china': 'CN',
	prc: 'CN',
	'chinese taipei': 'TW',
	'russian federation': 'RU',
	holland: 'NL',
	turkey: 'TR',
	czechia: 'CZ',
	'viet nam': 'VN',
	'hong kong': 'HK',
	epo: 'EP',
	epa: 'EP',
	'european patent': 'EP',
	'european patent office': 'EP',
	europe: 'EP',
	europa: 'EP',
	'europaisches patent': 'EP',
	'brevet europeen': 'EP',
	pct: 'WO',
	wipo: 'WO',
	international: 'WO',
	world: 'WO',
	eapo: 'EA',
	eurasia: 'EA',
	'eurasian patent': 'EA',
	oapi: 'OA',
	aripo: 'AP',
	gcc: 'GC',
	'unitary patent': 'UP',
	einheitspatent: 'UP',
	'brevet unitaire': 'UP',
	benelux: 'BX',
};

const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'sv', 'pl'];

let names: Map<string, string> | undefined;

function namesOfCountries(): Map<string, string> {
	if (names) return names;
	names = new Map();
	for (const language of LANGUAGES) {
		const display = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
		for (const code of ISO_CODES.split(' ')) {
			const name = display.of(code);
			if (name) names.set(foldWords(name), code);
		}
	}
	for (const [alias, code] of Object.entries(ALIASES)) names.set(alias, code);
	return names;
}

/** True for a two-letter code of ST.3, upper case. */
export function isCountryCode(text: string): boolean {
	return codes.has(text);
}

const VALIDATION = /^EP[ /(-]+([A-Z]{2})\)?$|^([A-Z]{2})[ /(-]+EP\)?$/;

/** The ST.3 code of a code or name in one of nine languages; "EP (DE)" is DE. Null when it is not known. */
export function readCountry(raw: string): string | null {
	const upper = raw.toUpperCase();
	if (codes.has(upper)) return upper;
	if (upper === 'EU') return 'EP';
	const validation = VALIDATION.exec(upper);
	const inner = validation?.[1] ?? validation?.[2];
	if (inner !== undefined && codes.has(inner)) return inner;
	return namesOfCountries().get(foldWords(raw)) ?? null;
}
