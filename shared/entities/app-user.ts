import { defineEntity, type RecordOf } from './define.ts';

/** A colleague. Only the server writes it. */
export const appUser = defineEntity({
	name: 'app_user',
	table: 'app_user',
	label: 'Colleague',
	plural: 'Colleagues',
	sync: 'pull',
	title: 'name',
	fields: {
		name: { kind: 'text', label: 'Name', required: true, office: true },
		email: { kind: 'text', label: 'E-mail', office: true },
		role: {
			kind: 'enum',
			label: 'Role',
			office: true,
			values: {
				SAM: 'Service account manager',
				SPECIALIST: 'Specialist',
				MANAGER: 'Manager',
				PROJECT: 'Senior project manager',
				PROCESSING: 'Processing',
			},
		},
		time_zone: { kind: 'text', label: 'Time zone', office: true },
	},
});

export type AppUser = RecordOf<typeof appUser>;
