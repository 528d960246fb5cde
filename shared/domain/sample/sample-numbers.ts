import type { Random } from './random.ts';

/** The numbers of one case as its office writes them. They are made up; some will exist by accident. */
export interface SampleNumbers {
	app_no: string;
	pub_no: string;
	grant_no: string;
}

/** Makes the numbers of a case filed in `year`. */
export function sampleNumbers(random: Random, country: string, year: number): SampleNumbers {
	const six = () => String(random.int(100_000, 899_999));
	const seven = () => String(random.int(1_000_000, 4_999_999));
	const yy = String(year).slice(2);
	switch (country) {
		case 'US': {
			const serial = six();
			const series = year < 2015 ? 13 : year < 2018 ? 15 : year < 2022 ? 16 : 18;
			const grant = String(8_500_000 + (year - 2008) * 230_000 + random.int(0, 220_000));
			return {
				app_no: `${series}/${serial.slice(0, 3)},${serial.slice(3)}`,
				pub_no: `US ${year + 1}/0${six()} A1`,
				grant_no: grant.replace(/\B(?=(\d{3})+$)/g, ','),
			};
		}
		case 'EP': {
			const digits = `${yy}${random.int(150_000, 899_999)}`;
			const publication = String(3_000_000 + (year - 2008) * 60_000 + random.int(0, 59_999));
			return { app_no: `${digits}.${luhn(digits)}`, pub_no: `EP ${publication} A1`, grant_no: `EP ${publication} B1` };
		}
		case 'DE': {
			const serial = six();
			return {
				app_no: `10 ${year} ${serial.slice(0, 3)} ${serial.slice(3)}`,
				pub_no: `DE 10 ${year} ${serial.slice(0, 3)} ${serial.slice(3)} A1`,
				grant_no: `DE 10 ${year} ${serial.slice(0, 3)} ${serial.slice(3)} B4`,
			};
		}
		case 'JP':
			return { app_no: `${year}-${six()}`, pub_no: `JP ${year + 1}-${six()} A`, grant_no: `JP 6${six()}` };
		case 'CN': {
			const digits = `${year}1${random.int(1_000_000, 8_999_999)}`;
			return { app_no: `${digits}.${chinese(digits)}`, pub_no: `CN 10${seven()} A`, grant_no: `CN 10${seven()} B` };
		}
		case 'KR':
			return { app_no: `10-${year}-0${six()}`, pub_no: `KR 10-${year + 1}-0${six()} A`, grant_no: `10-2${six()}` };
		default:
			return {
				app_no: `${country} ${year}/${six()}`,
				pub_no: `${country} ${seven()} A`,
				grant_no: `${country} ${seven()} B`,
			};
	}
}

/** The check digit of European application numbers. */
function luhn(digits: string): number {
	let sum = 0;
	for (let i = 0; i < digits.length; i++) {
		const product = Number(digits[i]) * (i % 2 === 0 ? 1 : 2);
		sum += product > 9 ? product - 9 : product;
	}
	return (10 - (sum % 10)) % 10;
}

/** The check digit of Chinese application numbers. */
function chinese(digits: string): string {
	let sum = 0;
	for (let i = 0; i < digits.length; i++) sum += Number(digits[i]) * ((i % 8) + 2);
	return sum % 11 === 10 ? 'X' : String(sum % 11);
}
