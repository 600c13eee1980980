# Writes OUT, a header with the commit that ROOT is at and its date, when they have changed. Without git: no commit, and
# the date of the build (SOURCE_DATE_EPOCH, where that is set).
find_program(GIT git)
set(commit "")
string(TIMESTAMP date "%Y-%m-%d" UTC)
if(GIT)
  execute_process(COMMAND ${GIT} describe --always --dirty --abbrev=12 --exclude=* WORKING_DIRECTORY ${ROOT}
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(commit)
  execute_process(COMMAND ${GIT} log -1 --format=%cs WORKING_DIRECTORY ${ROOT} OUTPUT_VARIABLE date
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
set(text "#define LORM_COMMIT \"${commit}\"\n#define LORM_DATE \"${date}\"\n")
set(before "")
if(EXISTS ${OUT})
  file(READ ${OUT} before)
endif()
if(NOT text STREQUAL before)
  file(WRITE ${OUT} "${text}")
endif()
