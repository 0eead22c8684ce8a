"""What is true: one module per noun, its pure rules first, then its transactions with their SQL.

Where to look, by feature:

- People and units: people, accounts, invites, consents, requests, directory, units, keys, agency; staff lists:
  roster, roster_sheet, roster_plan, roster_units, roster_matching, roster_difference, roster_merge, roster_reach,
  roster_export, roster_undo, coming_back; mergers, merging, merger_preview, merger_notices, merger_sheet.
- Rights and the log: rights, granting, headship, telling, class_rights, course_reach, acting, deciders, unit_board,
  institutions, lecturers; audit, audit_log, audit_subjects.
- Courses: courses, sessions, planned_sessions, session_places, course_fields, course_refs, eligibility, quotas, places;
  made and changed: course_drafts, course_draft_sessions, course_opening, course_checks, course_edits, course_writing,
  course_changes; by workbook: course_sheet, course_import, course_reschedules, course_export, course_upload;
  materials; class_console, class_list.
- Seats: enrolments, signing_up, approvals, approval_deadlines, offers, nominations, candidates, nomination_import,
  swaps, swapping; told of it: enrolment_notices, swap_notices.
- Schedules: schedules, schedule_wishes, schedule_changes, schedule_history, change_notices, change_answers,
  change_declines; calendar, days_off, typed_days, ics.
- Attendance: attendance, attendance_marks, attendance_roll, attendance_codes, attendance_board, attendance_walk_ins,
  attendance_decisions, attendance_sheet, attendance_pages, attendance_matrix, attendance_undo, absences, qr.
- Results: results, completion, closing, results_sheet, records, hours, hours_nudge, certificates, certificate_files,
  scans, certificate_sheet, history_import, history_sheet; what posts call for and who lacks it: posts,
  post_requirements, post_requirement_sheet, learning_gaps.
- Plans of training, planned against actual: plans, plan_fields, plan_levels, plan_changes, plan_actual,
  plan_sheet, plan_difference, plan_import, plan_undo, year_report.
- Money: money, budgets, class_support, money_sheet, money_undo.
- Legal updates: legal, legal_yaml, legal_import, legal_changes, legal_progress, legal_quiz, legal_who,
  legal_reminders, legal_undo.
- Ratings: questionnaires, rating_form, ratings, rating_results.
- Announcements: broadcasts, audiences, sending, receipts, questions, topics; deliveries, late.
- Reminders: milestones, session_reminders.
- Files in and out: uploads, upload_kinds, upload_changes, upload_undo, undo_reach, exports, row_reading, forms, papers,
  decisions; lists: who_not, who_not_nudge, search.
"""
