/** What the page says about itself: that the server is gone or came back, and sentences for screen readers. */
import type { JSX } from 'preact';
import type { PageState } from './page-state.ts';

export function Notices({ page }: { readonly page: PageState }): JSX.Element {
  const notice = noticeOf(page);
  return (
    <>
      {notice !== null && <p class="notice">{notice}</p>}
      <p class="visually-hidden" role="status">
        {page.announcement.value}
      </p>
    </>
  );
}

function noticeOf(page: PageState): string | null {
  if (page.connection.value === 'lost') return 'The server is not there. The page connects again as soon as it is back.';
  if (page.callState.value === 'cut') return 'The server was restarted, so this call came to no end. What was logged of it is kept in its run folder.';
  return null;
}
