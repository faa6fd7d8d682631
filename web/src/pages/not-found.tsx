import { AppLink } from '../components/app-link.tsx';
import { paths } from '../paths.ts';
import { Empty } from '../ui/empty.tsx';

/** No page at this address. */
export function NotFoundPage() {
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <Empty title="There is nothing at this address.">
        <AppLink href={paths.overview()} className="underline">
          Go to the overview
        </AppLink>
      </Empty>
    </>
  );
}
