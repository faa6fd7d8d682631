import type { CompanyId } from '#core/brand.ts';
import type { Notice } from '#core/notification/message.ts';
import { unreachable } from '#core/unreachable.ts';
import { globalId } from '#graphql/global-id.ts';

/** Where the web app shows what a notice is about (api-and-web.md §3.3). */
export const noticeAddress =
  (publicUrl: string) =>
  (companyId: CompanyId, { kind, subjectId }: Notice): string => {
    const page = (folder: string, type: string, id: string) =>
      `${publicUrl}/${folder}/${encodeURIComponent(globalId(type, id))}`;
    switch (kind) {
      case 'CONFLICT':
        return page('conflicts', 'Conflict', subjectId);
      case 'DEAD_LETTER':
        return page('dead-letters', 'DeadLetter', subjectId);
      case 'DRIFT':
        return `${publicUrl}/reconcile?company=${encodeURIComponent(globalId('Company', companyId))}`;
      case 'ACCESS':
        return page('companies', 'Company', companyId);
      default:
        return unreachable(kind);
    }
  };
