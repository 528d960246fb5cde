/** The fictional clients: names that belong to nobody, a size, a place and a field of technology each. */
export interface SampleClient {
	id: string;
	name: string;
	legalName: string;
	city: string;
	country: string;
	zone: string;
	currency: string;
	tier: 'STRATEGIC' | 'KEY' | 'STANDARD' | 'SMALL';
	segment: 'CORPORATE' | 'LAW_FIRM' | 'UNIVERSITY' | 'OTHER';
	status: 'ONBOARDING' | 'ACTIVE' | 'NOTICE_GIVEN';
	since: string;
	/** How many cases of the small sample are theirs. */
	cases: number;
	/** Begins their own references. */
	prefix: string;
	field: 'chemistry' | 'electronics' | 'optics' | 'machines' | 'energy' | 'marine' | 'agriculture' | 'materials';
	/** Share of open renewals for which they have not instructed. */
	undecided: number;
	language: string;
}

type Row = [
	id: string,
	name: string,
	place: [city: string, country: string, zone: string, currency: string, language: string],
	kind: [tier: SampleClient['tier'], segment: SampleClient['segment'], since: string],
	portfolio: [cases: number, prefix: string, field: SampleClient['field'], undecided: number],
];

const rows: Row[] = [
	[
		'acc-brandt',
		'Brandt & Hale LLP',
		['Chicago', 'US', 'America/Chicago', 'USD', 'en'],
		['STRATEGIC', 'LAW_FIRM', '2011-03-01'],
		[310, 'BH', 'electronics', 0.42],
	],
	[
		'acc-halden',
		'Halden Pharma AG',
		['Basel', 'CH', 'Europe/Zurich', 'CHF', 'de'],
		['STRATEGIC', 'CORPORATE', '2014-06-01'],
		[190, 'HP', 'chemistry', 0.16],
	],
	[
		'acc-kestrel',
		'Kestrel Semiconductor Inc.',
		['Austin', 'US', 'America/Chicago', 'USD', 'en'],
		['STRATEGIC', 'CORPORATE', '2016-01-15'],
		[230, 'KS', 'electronics', 0.07],
	],
	[
		'acc-tanaka',
		'Tanaka Optics KK',
		['Osaka', 'JP', 'Asia/Tokyo', 'JPY', 'ja'],
		['KEY', 'CORPORATE', '2018-04-01'],
		[95, 'TO', 'optics', 0.1],
	],
	[
		'acc-lindqvist',
		'Lindqvist Turbin AB',
		['Göteborg', 'SE', 'Europe/Stockholm', 'SEK', 'sv'],
		['KEY', 'CORPORATE', '2026-02-01'],
		[65, 'LT', 'machines', 0.14],
	],
	[
		'acc-orsett',
		'Orsett Marine Systems plc',
		['Southampton', 'GB', 'Europe/London', 'GBP', 'en'],
		['KEY', 'CORPORATE', '2015-09-01'],
		[130, 'OM', 'marine', 0.22],
	],
	[
		'acc-weidental',
		'Universität Weidental',
		['Weidental', 'DE', 'Europe/Berlin', 'EUR', 'de'],
		['STANDARD', 'UNIVERSITY', '2019-10-01'],
		[48, 'UW', 'materials', 0.12],
	],
	[
		'acc-calloway',
		'Calloway Agritech Co.',
		['Fresno', 'US', 'America/Los_Angeles', 'USD', 'en'],
		['STANDARD', 'CORPORATE', '2020-05-01'],
		[40, 'CA', 'agriculture', 0.1],
	],
	[
		'acc-nordvik',
		'Nordvik Energi AS',
		['Stavanger', 'NO', 'Europe/Oslo', 'EUR', 'no'],
		['KEY', 'CORPORATE', '2017-02-01'],
		[115, 'NE', 'energy', 0.18],
	],
	[
		'acc-pereira',
		'Pereira Biomateriais S.A.',
		['Campinas', 'BR', 'America/Sao_Paulo', 'BRL', 'pt'],
		['STANDARD', 'CORPORATE', '2021-08-01'],
		[42, 'PB', 'materials', 0.1],
	],
	[
		'acc-hanseong',
		'Hanseong Display Co.',
		['Seoul', 'KR', 'Asia/Seoul', 'KRW', 'ko'],
		['STRATEGIC', 'CORPORATE', '2013-11-01'],
		[190, 'HD', 'optics', 0.08],
	],
	[
		'acc-whitcombe',
		'Whitcombe Polymers Ltd',
		['Leeds', 'GB', 'Europe/London', 'GBP', 'en'],
		['SMALL', 'CORPORATE', '2022-01-10'],
		[22, 'WP', 'chemistry', 0.05],
	],
	[
		'acc-aldermoor',
		'Aldermoor Sensors Inc.',
		['Ottawa', 'CA', 'America/Toronto', 'CAD', 'en'],
		['SMALL', 'CORPORATE', '2023-03-15'],
		[18, 'AS', 'electronics', 0.15],
	],
	[
		'acc-verrance',
		'Verrance Industrie SAS',
		['Lyon', 'FR', 'Europe/Paris', 'EUR', 'fr'],
		['STANDARD', 'CORPORATE', '2019-01-01'],
		[30, 'VI', 'materials', 0.12],
	],
	[
		'acc-mirrabel',
		'Mirrabel Irrigation Pty Ltd',
		['Adelaide', 'AU', 'Australia/Adelaide', 'AUD', 'en'],
		['SMALL', 'CORPORATE', '2024-07-01'],
		[15, 'MI', 'agriculture', 0.2],
	],
];

/** All clients of the sample, the largest promises first. */
export const sampleClients: readonly SampleClient[] = rows.map(([id, name, place, kind, portfolio]) => {
	const [city, country, zone, currency, language] = place;
	const [tier, segment, since] = kind;
	const [cases, prefix, field, undecided] = portfolio;
	const status = id === 'acc-lindqvist' ? 'ONBOARDING' : 'ACTIVE';
	const legalName = `${name} (fictional)`;
	return {
		id,
		name,
		legalName,
		city,
		country,
		zone,
		currency,
		tier,
		segment,
		status,
		since,
		cases,
		prefix,
		field,
		undecided,
		language,
	};
});

/** Which offices a client of a country files in, with weights. */
export function officesOf(country: string): readonly (readonly [string, number])[] {
	const everywhere: [string, number][] = [
		['US', 24],
		['EP', 9],
		['DE', 11],
		['GB', 8],
		['FR', 7],
		['JP', 9],
		['CN', 11],
		['KR', 5],
		['IT', 3],
		['ES', 2],
		['NL', 2],
		['SE', 2],
		['CH', 3],
		['IN', 3],
		['CA', 4],
		['AU', 3],
		['BR', 2],
		['TW', 2],
	];
	return everywhere.map(([code, weight]) => [code, code === country ? weight * 3 : weight] as const);
}
